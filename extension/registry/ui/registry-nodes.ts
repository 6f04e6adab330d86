import type { StoreId } from '../../../schemas/ids.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';
import { versionUri } from '../model-uri.ts';

/** Nodes only name things: one object stands for a thing as long as its store is there, so that selection and expansion survive. */
export type RegistryNode = StoreNode | FolderNode | ModelNode | VersionNode | MoreNode | NoteNode;

interface Named {
  readonly id: string;
  readonly connection: StoreConnection;
}

export interface StoreNode extends Named {
  readonly kind: 'store';
}

/** Models of MLflow before 3.11 may have `/` in their names. */
export interface FolderNode extends Named {
  readonly kind: 'folder';
  /** Segments joined by `/`. */
  readonly path: string;
}

export interface ModelNode extends Named {
  readonly kind: 'model';
  readonly name: string;
}

export interface VersionNode extends Named {
  readonly kind: 'version';
  readonly name: string;
  readonly version: number;
  /** What commands of other components read of a row. */
  readonly storeId: StoreId;
  readonly modelUri: string;
}

/** *Show more*, of a store's models or of one model's versions. */
export interface MoreNode extends Named {
  readonly kind: 'more';
  readonly name?: string;
}

/** A sentence in the place of what cannot be shown. */
export interface NoteNode extends Named {
  readonly kind: 'note';
  readonly text: string;
  readonly severity: 'info' | 'error';
}

/** Hands out the same node for the same thing. */
export class RegistryNodes {
  readonly #connection: StoreConnection;
  readonly #nodes = new Map<string, RegistryNode>();

  constructor(connection: StoreConnection) {
    this.#connection = connection;
  }

  store(): StoreNode {
    return this.#node({ kind: 'store', ...this.#named('store') });
  }

  folder(path: string): FolderNode {
    return this.#node({ kind: 'folder', ...this.#named('folder', path), path });
  }

  model(name: string): ModelNode {
    return this.#node({ kind: 'model', ...this.#named('model', name), name });
  }

  version(name: string, version: number): VersionNode {
    const reference = { storeId: this.#connection.id, modelUri: versionUri(name, version) };
    return this.#node({ kind: 'version', ...this.#named('version', name, String(version)), name, version, ...reference });
  }

  more(name?: string): MoreNode {
    return this.#node({ kind: 'more', ...this.#named('more', ...(name === undefined ? [] : [name])), ...(name !== undefined && { name }) });
  }

  note(owner: RegistryNode, text: string, severity: NoteNode['severity']): NoteNode {
    return this.#node({ kind: 'note', ...this.#named('note', owner.id, text), text, severity });
  }

  #named(...parts: readonly string[]): Named {
    return { id: JSON.stringify([this.#connection.id, ...parts]), connection: this.#connection };
  }

  #node<Node extends RegistryNode>(node: Node): Node {
    const known = this.#nodes.get(node.id);
    if (known !== undefined) return known as Node;
    this.#nodes.set(node.id, node);
    return node;
  }
}

/** Whether what a menu hands to a command is a row of this tree. */
export const isRegistryNode = (item: unknown): item is RegistryNode => typeof item === 'object' && item !== null && 'kind' in item && 'connection' in item;
