import { escapeControls } from './escape-controls.js';
import type { OperationPlan } from './plan-operation.js';
import type { Row } from './results-of.js';
import { selectPath } from './select-path.js';

/** Writes a result: as the server sent it, or what is at the path; for people in several lines. */
export function formatResult(
  { text, result }: Pick<Row, 'text' | 'result'>,
  { path, isPretty }: Pick<OperationPlan, 'path' | 'isPretty'>,
): string {
  // the text of the server, because to parse and write it again would change long numbers
  if (!path && !isPretty) return escapeControls(text.replace(/[\r\n]+/g, ' '));
  return formatJson(path ? selectPath(result, path) : result, isPretty);
}

/** Writes a value as JSON: in one line, or for people in several. An absent one is `null`. */
export function formatJson(value: unknown, isPretty: boolean): string {
  const text = JSON.stringify(value ?? null, null, isPretty ? 2 : 0);
  return text.split('\n').map(escapeControls).join('\n');
}
