import type { ExperimentId, RunId } from '../../../schemas/ids.ts';
import type { RunReference } from '../../host/commands.ts';
import type { StoreConnection } from '../store-connection.ts';

/**
 * Nodes only name things, so that one object stands for a thing as long as its store is there: VS Code
 * refreshes a row by its object, and selection and expansion survive.
 */
export type TreeNode = StoreNode | FavouritesNode | FolderNode | ExperimentNode | RunNode | MoreNode | NoteNode;

interface Named {
  readonly id: string;
  readonly connection: StoreConnection;
}

export interface StoreNode extends Named {
  readonly kind: 'store';
}

/** What is starred in a store, above everything else of it. */
export interface FavouritesNode extends Named {
  readonly kind: 'favourites';
}

export interface FolderNode extends Named {
  readonly kind: 'folder';
  /** Segments joined by `/`. */
  readonly path: string;
}

export interface ExperimentNode extends Named {
  readonly kind: 'experiment';
  readonly experimentId: ExperimentId;
  /** It stands among the favourites too, as a row of its own. */
  readonly isFavourite?: true;
}

export interface RunNode extends Named {
  readonly kind: 'run';
  readonly experimentId: ExperimentId;
  readonly runId: RunId;
  readonly isFavourite?: true;
  /** What commands of other components read of a row. */
  readonly run: RunReference;
}

/** *Show 50 more*, of an experiment or of the runs nested in one. */
export interface MoreNode extends Named {
  readonly kind: 'more';
  readonly experimentId: ExperimentId;
  readonly parentId?: RunId;
}

/** A sentence in the place of what cannot be shown. */
export interface NoteNode extends Named {
  readonly kind: 'note';
  readonly text: string;
  readonly severity: 'info' | 'error';
  /** What a click does, with the note as argument. */
  readonly command?: 'mlflow.tracking.convertStore' | 'mlflow.tracking.connectStore';
}

/** Hands out the same node for the same thing. */
export class TreeNodes {
  readonly #connection: StoreConnection;
  readonly #nodes = new Map<string, TreeNode>();

  constructor(connection: StoreConnection) {
    this.#connection = connection;
  }

  store(): StoreNode {
    return this.#node({ kind: 'store', ...this.#named('store') });
  }

  favourites(): FavouritesNode {
    return this.#node({ kind: 'favourites', ...this.#named('favourites') });
  }

  favouriteExperiment(experimentId: ExperimentId): ExperimentNode {
    return this.#node({ kind: 'experiment', ...this.#named('favourite-experiment', experimentId), experimentId, isFavourite: true });
  }

  favouriteRun(experimentId: ExperimentId, runId: RunId): RunNode {
    const run = { storeId: this.#connection.id, runId };
    return this.#node({ kind: 'run', ...this.#named('favourite-run', runId), experimentId, runId, run, isFavourite: true });
  }

  folder(path: string): FolderNode {
    return this.#node({ kind: 'folder', ...this.#named('folder', path), path });
  }

  experiment(experimentId: ExperimentId): ExperimentNode {
    return this.#node({ kind: 'experiment', ...this.#named('experiment', experimentId), experimentId });
  }

  run(experimentId: ExperimentId, runId: RunId): RunNode {
    return this.#node({ kind: 'run', ...this.#named('run', runId), experimentId, runId, run: { storeId: this.#connection.id, runId } });
  }

  more(experimentId: ExperimentId, parentId?: RunId): MoreNode {
    return this.#node({ kind: 'more', ...this.#named('more', experimentId, parentId ?? ''), experimentId, ...(parentId !== undefined && { parentId }) });
  }

  note(owner: TreeNode, text: string, severity: NoteNode['severity'], command?: NoteNode['command']): NoteNode {
    return this.#node({ kind: 'note', ...this.#named('note', owner.id, text), text, severity, ...(command !== undefined && { command }) });
  }

  #named(...parts: readonly string[]): Named {
    return { id: JSON.stringify([this.#connection.id, ...parts]), connection: this.#connection };
  }

  #node<Node extends TreeNode>(node: Node): Node {
    const known = this.#nodes.get(node.id);
    if (known !== undefined) return known as Node;
    this.#nodes.set(node.id, node);
    return node;
  }
}

/** Whether what a menu hands to a command is a row of this tree. */
export const isTreeNode = (item: unknown): item is TreeNode => typeof item === 'object' && item !== null && 'kind' in item && 'connection' in item;
