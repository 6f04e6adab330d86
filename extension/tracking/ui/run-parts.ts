import type { RunCodeProtocol } from '../../../schemas/run-code-protocol.ts';
import type { RunLogProtocol } from '../../../schemas/run-log-protocol.ts';
import type { RunArtifactsProtocol } from '../../../schemas/run-artifacts-protocol.ts';
import type { RunMetricsProtocol } from '../../../schemas/run-metrics-protocol.ts';
import type { RunOverviewProtocol } from '../../../schemas/run-overview-protocol.ts';
import type { CreateRunPart } from '../../host/run-part.ts';

/** The host's side of each tab. */
export interface RunParts {
  readonly overview: CreateRunPart<RunOverviewProtocol>;
  readonly metrics: CreateRunPart<RunMetricsProtocol>;
  readonly code: CreateRunPart<RunCodeProtocol>;
  readonly log: CreateRunPart<RunLogProtocol>;
  readonly artifacts: CreateRunPart<RunArtifactsProtocol>;
}
