/** A browser answers pings of the WebSocket protocol by itself, and neither shows nor sends them. */
export function followSocketPings(): undefined {
  return undefined;
}
