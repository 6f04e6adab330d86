import { accessSync, constants } from 'node:fs';

/** Whether this user may write this file or folder, as far as rights and the file system say. */
export const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};
