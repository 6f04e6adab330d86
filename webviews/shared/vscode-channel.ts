import type { HostChannel } from './host.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
}

declare const acquireVsCodeApi: () => VsCodeApi;

/** VS Code gives its API to a page once. */
export const openVsCodeChannel = (): HostChannel => {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    keep: (state) => api.setState(state),
    kept: () => api.getState(),
    onMessage: (listener) => {
      const onMessage = (event: MessageEvent): void => listener(event.data);
      addEventListener('message', onMessage);
      return () => removeEventListener('message', onMessage);
    },
  };
};
