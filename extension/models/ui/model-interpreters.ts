/** Which Python serves the models of a folder. */
export interface ModelInterpreters {
  find(directory: string): Promise<{ readonly path: string } | undefined>;
  /** One that has mlflow; undefined when the user gives up, who has been told what is missing. */
  findReady(directory: string): Promise<{ readonly path: string } | undefined>;
  /** Resolves to whether it went well. */
  install(packages: readonly string[], interpreter: string, directory: string): Promise<boolean>;
}
