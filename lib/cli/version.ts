import { readFileSync } from 'node:fs';

/** The version of the package. The built program lies as deep in its folders as the source. */
export function readVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
