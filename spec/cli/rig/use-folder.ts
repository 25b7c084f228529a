import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'mocha';

/** A folder for the files of a suite. */
export function useFolder() {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rxgql-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const path = (name: string) => join(folder, name);
  return {
    path,
    /** Writes a file, and returns its path. */
    write(name: string, text: string) {
      writeFileSync(path(name), text);
      return path(name);
    },
  };
}
