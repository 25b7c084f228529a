import type { RecordingLine } from './recording-line.js';

/**
 * Checks lines against those before them.
 *
 * @returns takes the next line, and throws an Error if it cannot come there
 */
export function checkOrder(): (line: RecordingLine) => void {
  const sockets = new Map<number, 'opened' | 'closed'>();
  let latest = -Infinity;
  return (line) => {
    const { time } = line;
    if (time < latest) throw new Error(`time goes backwards: ${time} comes after ${latest}`);
    latest = time;
    if ('status' in line) return;
    const { attempt } = line;
    const before = sockets.get(attempt);
    if ('direction' in line) {
      const was = before ?? 'not opened';
      if (before !== 'opened')
        throw new Error(`a frame of attempt ${attempt}, which was ${was} before`);
      return;
    }
    // a dial that fails has not opened
    const again = 'opened' in line ? before !== undefined : before === 'closed';
    if (again) {
      const does = 'opened' in line ? 'opens' : 'closes';
      throw new Error(
        `attempt ${attempt} ${does}, but was ${before} before: a file holds one recording of one socket`,
      );
    }
    sockets.set(attempt, 'opened' in line ? 'opened' : 'closed');
  };
}
