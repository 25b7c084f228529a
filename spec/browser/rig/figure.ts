/** Shows what was measured, among the lines of the report. */
export function figure(what: string, ms: number): number {
  console.log(`      ${what}: ${Math.round(ms)} ms`);
  return ms;
}
