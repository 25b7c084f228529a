import { asyncScheduler } from 'rxjs';

/** A server's wish is granted from a second to five minutes: neither a storm nor a stream that sleeps for a year. */
const shortest = 1_000;
const longest = 300_000;

/** ms that a `Retry-After` header asks for (RFC 9110, section 10.2.3: seconds, or a date); undefined where it says nothing. */
export function retryAfter(header: unknown): number | undefined {
  const text = String(header);
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - asyncScheduler.now();
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, shortest), longest);
}
