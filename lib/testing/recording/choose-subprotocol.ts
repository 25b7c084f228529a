import type { Scene } from './scene.js';

/**
 * The subprotocol in which an attempt is played: as it was recorded, if the client offers it, or else in the one of the two that it
 * offers, the one spoken in the recording first.
 *
 * @param offered - by the client
 * @returns an empty string if there is none to select
 */
export function chooseSubprotocol(
  { subprotocol, dialect }: Scene,
  offered: readonly string[],
): string {
  const wanted = [subprotocol, dialect, 'graphql-transport-ws', 'graphql-ws'];
  return wanted.find((name) => offered.includes(name)) ?? '';
}
