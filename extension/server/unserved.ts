/** What the newest MLflow has below these paths and this server has not, and why. Paths are without `/api/2.0/mlflow` and its like. */
export interface UnservedFamily {
  readonly paths: readonly string[];
  readonly what: string;
  readonly why: string;
}

const noCalls = 'this server calls no other one';
const noPages = 'it has no web pages: runs are shown in the editor';
const noGenai = 'it keeps experiments, runs and models';

export const unservedFamilies: readonly UnservedFamily[] = [
  { paths: ['/gateway', '/gateway-proxy'], what: 'the AI gateway', why: noCalls },
  { paths: ['/webhooks'], what: 'webhooks', why: noCalls },
  { paths: ['/mcp-servers'], what: 'the registry of MCP servers', why: noCalls },
  { paths: ['/assistant'], what: 'the assistant', why: noCalls },
  { paths: ['/workspaces'], what: 'workspaces', why: 'a SQLite file that is shared with Python is one workspace' },
  { paths: ['/datasets'], what: 'evaluation datasets', why: noGenai },
  { paths: ['/issues', '/label-schemas', '/review-queues', '/scorers', '/scorer', '/genai'], what: 'evaluation and review of generative models', why: noGenai },
  { paths: ['/prompt-optimization', '/jobs', '/demo', '/runs/create-promptlab-run'], what: 'jobs', why: 'it runs nothing' },
  {
    paths: ['/unified-traces', '/get-online-trace-details', '/get-trace-artifact'],
    what: 'traces',
    why: 'they are kept by programs that open the file themselves',
  },
  { paths: ['/', '/build', '/static-files', '/graphql', '/ui-telemetry'], what: "MLflow's user interface", why: noPages },
];

/** The family that a path belongs to; undefined for one that MLflow does not have either. */
export const unservedFamilyOf = (path: string): UnservedFamily | undefined => {
  const [, below = path] = /^\/(?:ajax-)?api\/[23]\.0(?:\/mlflow)?(\/.*)$/.exec(path) ?? [];
  return unservedFamilies.find(({ paths }) => paths.some((one) => below === one || (one !== '/' && below.startsWith(`${one}/`))));
};
