/** Ends of TCP connections that are open in this process, where the server is too. */
export function openConnections(): number {
  return process.getActiveResourcesInfo().filter((kind) => /TCPSocket|TLSWrap/.test(kind)).length;
}
