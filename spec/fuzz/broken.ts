/** An oracle's verdict: this must not be. */
class Broken extends Error {
  constructor(invariant: string, detail: unknown = '') {
    super(`${invariant}: ${describe(detail)}`);
    this.name = 'Broken';
  }
}

function describe(detail: unknown): string {
  try {
    return (typeof detail === 'string' ? detail : JSON.stringify(detail)).slice(0, 2_000);
  } catch {
    // nested too deep
    return String(detail);
  }
}

/** Fails with the invariant where it does not hold. */
export function must(holds: boolean, invariant: string, detail?: unknown): void {
  if (!holds) throw new Broken(invariant, detail);
}
