import type { Row } from './row.js';
import { beforeOpening } from './rows/before-opening.js';
import { closes } from './rows/closes.js';
import { consumers } from './rows/consumers.js';
import { handshakeRows } from './rows/handshakes.js';
import { leaving } from './rows/leaving.js';
import { messages } from './rows/messages.js';
import { negotiation } from './rows/negotiation.js';
import { operations } from './rows/operations.js';
import { quiet } from './rows/quiet.js';
import { tokens } from './rows/tokens.js';
import { transient } from './rows/transient.js';

/** Every row: the transient ones first, then by section of the catalogue. */
export const table: readonly Row[] = [
  ...transient,
  ...beforeOpening,
  ...negotiation,
  ...leaving,
  ...handshakeRows,
  ...messages,
  ...quiet,
  ...closes,
  ...consumers,
  ...operations,
  ...tokens,
];

/** @throws Error when there is none, or more than one */
export function rowById(id: string): Row {
  const [row, ...more] = table.filter((each) => each.id === id);
  if (!row || more.length > 0)
    throw new Error(`there are ${row ? 'several rows' : 'no row'} ${id}`);
  return row;
}
