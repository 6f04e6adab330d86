import { endpoint, type Endpoint } from '../shared/endpoint.ts';

/** What clients ask before they use a feature that not every server has. */
export const serverInfoEndpoint = (storeType: 'SqlStore' | 'FileStore'): Endpoint =>
  endpoint({
    method: 'GET',
    version: '3.0',
    path: '/server-info',
    fields: {},
    handle: () => ({
      store_type: storeType,
      workspaces_enabled: false,
      trace_archival_enabled: false,
      multipart_uploads_enabled: false,
      multipart_downloads_enabled: false,
      // That the request is understood; a local folder has no such addresses.
      presigned_upload_run_id_supported: true,
      presigned_upload_model_id_supported: true,
      features_enabled: { gateway: false },
    }),
  });
