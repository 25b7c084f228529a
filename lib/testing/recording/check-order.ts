import type { RecordingLine } from './recording-line.js';

/**
 * Checks lines against those before them.
 *
 * @returns takes the next line, and throws an Error if it cannot come there
 */
export function checkOrder(): (line: RecordingLine) => void {
  const sockets = new Map<number, 'open' | 'closed'>();
  let latest = -Infinity;
  return (line) => {
    if (line.time < latest)
      throw new Error(`time goes backwards: ${line.time} comes after ${latest}`);
    latest = line.time;
    if ('status' in line) return;
    const socket = sockets.get(line.attempt);
    const complain = (what: string) => {
      throw new Error(`${what} attempt ${line.attempt}, which ${describe(socket)}`);
    };
    if ('opened' in line) {
      if (socket) complain('opens');
      sockets.set(line.attempt, 'open');
    } else if ('closed' in line) {
      // a dial that failed has not opened before
      if (socket === 'closed') complain('closes');
      sockets.set(line.attempt, 'closed');
    } else if (socket !== 'open') complain('a frame of');
  };
}

function describe(socket: 'open' | 'closed' | undefined): string {
  if (!socket) return 'was not opened before';
  return `was ${socket === 'open' ? 'opened' : 'closed'} before: one socket a recording`;
}
