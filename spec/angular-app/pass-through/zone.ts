import { identity, type MonoTypeOperatorFunction } from 'rxjs';

/** In the place of lib/angular/zone.ts: everything stays in the zone where it is. */
export const runOutside = <T>(work: () => T): T => work();
export const outsideZone = <T>(): MonoTypeOperatorFunction<T> => identity;
