import type { RunMetricsProtocol } from '../../../schemas/run-metrics-protocol.ts';
import type { RunOverviewProtocol } from '../../../schemas/run-overview-protocol.ts';
import type { CreateRunPart } from '../../host/run-part.ts';

/** The host's side of each tab. */
export interface RunParts {
  readonly overview: CreateRunPart<RunOverviewProtocol>;
  readonly metrics: CreateRunPart<RunMetricsProtocol>;
}
