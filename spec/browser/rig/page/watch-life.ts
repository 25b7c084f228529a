import type { Happening } from './report.js';

/** What happens to the page from now on. */
export function watchLife(): readonly Happening[] {
  const life: Happening[] = [];
  const note = (type: string) => life.push({ type, at: Date.now() });
  const noteEvent = ({ type }: Event) => note(type);
  const noteTransition = ({ type, persisted }: PageTransitionEvent) =>
    note(persisted ? `${type} persisted` : type);
  addEventListener('offline', noteEvent);
  addEventListener('online', noteEvent);
  document.addEventListener('freeze', noteEvent);
  document.addEventListener('resume', noteEvent);
  document.addEventListener('visibilitychange', () => note(document.visibilityState));
  addEventListener('pagehide', noteTransition);
  addEventListener('pageshow', noteTransition);
  return life;
}
