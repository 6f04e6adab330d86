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
    onLeaving: (listener) => {
      const onKeyDown = (event: KeyboardEvent): void => void (isShortcut(event) && listener());
      addEventListener('keydown', onKeyDown, true);
      for (const name of leavings) addEventListener(name, listener);
      return () => {
        removeEventListener('keydown', onKeyDown, true);
        for (const name of leavings) removeEventListener(name, listener);
      };
    },
  };
};

/** What a page that goes posts at its very end is lost with it: the focus leaves it before. */
const leavings = ['blur', 'pagehide'] as const;

/** As those of the editor are, which may show another tab. */
const isShortcut = ({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => ctrlKey || metaKey || altKey;
