/** Interpreter of an environment with mlflow and scikit-learn; the set-up of the test suites makes it and names it. */
export const pythonPath = (): string => {
  const path = process.env['MLFLOW_WORKBENCH_TEST_PYTHON'];
  if (path === undefined || path === '') {
    throw new Error('MLFLOW_WORKBENCH_TEST_PYTHON is not set: it must name a Python with mlflow and scikit-learn. `npm test` makes one and sets it.');
  }
  return path;
};
