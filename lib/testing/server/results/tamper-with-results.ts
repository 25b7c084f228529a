import { EMPTY, NEVER, throwError, type Observable } from 'rxjs';
import { operationHead } from '../../operation-head.js';
import { checkFirst } from '../faults/check-first.js';
import type { LiveOperation } from '../ledger-entry.js';
import type { OperationMatch, ResultFaults } from '../result-faults.js';
import { createOutlet, type Outlet } from './create-outlet.js';
import {
  padding,
  reordering,
  repeating,
  skipping,
  truncating,
  type Distortion,
} from './distortion.js';
import { resultChecks } from './result-checks.js';

/** Faults, and the place where they take effect. */
export interface ResultTampering {
  readonly faults: ResultFaults;
  /** Lets the faults at the results of an operation, until its outlet is closed. */
  readonly openOutlet: typeof createOutlet;
}

type Select = (match: OperationMatch | undefined) => readonly Outlet[];

/** No faults yet, for no operations yet. */
export function tamperWithResults(): ResultTampering {
  const outlets = new Set<Outlet>();
  let starting = true;
  // A copy: an operation that is ended leaves the set.
  const those: Select = (match) =>
    [...outlets].filter(({ operation }) => matches(operation, match));
  return {
    faults: checkFirst<ResultFaults>(
      {
        ...endings(those),
        ...distortions(those),
        neverStart: () => {
          starting = false;
        },
        startOperations: () => {
          starting = true;
        },
      },
      resultChecks,
    ),
    openOutlet: (...parts) => {
      const outlet = createOutlet(...parts);
      outlets.add(outlet);
      if (!starting) outlet.replace(NEVER);
      return {
        ...outlet,
        close: () => {
          outlets.delete(outlet);
          outlet.close();
        },
      };
    },
  };
}

function matches(operation: LiveOperation, match: OperationMatch | undefined): boolean {
  if (typeof match === 'function') return match(operation);
  return (
    match === undefined || [operation.id, operationHead(operation.request).name].includes(match)
  );
}

function endings(those: Select): Pick<ResultFaults, 'zombie' | 'complete' | 'fail' | 'late'> {
  const replace = (rest$: Observable<never>, match: OperationMatch | undefined) => {
    for (const outlet of those(match)) outlet.replace(rest$);
  };
  return {
    zombie: (match) => {
      for (const outlet of those(match)) outlet.silence();
    },
    complete: (match) => {
      replace(EMPTY, match);
    },
    fail: (match, errors: unknown = [{ message: 'internal server error' }]) => {
      const failed$ = throwError(() => errors);
      replace(failed$, match);
    },
    late: (match) => {
      for (const outlet of those(match)) outlet.linger();
    },
  };
}

function distortions(
  those: Select,
): Pick<ResultFaults, 'duplicate' | 'reorder' | 'omit' | 'truncate' | 'oversize'> {
  const add = (distortion: Distortion, match: OperationMatch | undefined) => {
    for (const outlet of those(match)) outlet.add(distortion);
  };
  return {
    duplicate: (times = 1, match) => {
      add(repeating(times), match);
    },
    reorder: (match) => {
      add(reordering(), match);
    },
    omit: (count = 1, match) => {
      add(skipping(count), match);
    },
    truncate: (limit, match) => {
      add(truncating(limit), match);
    },
    oversize: (bytes = 1_200_000, match) => {
      add(padding(bytes), match);
    },
  };
}
