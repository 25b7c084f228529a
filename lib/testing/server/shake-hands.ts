import { catchError, concatMap, filter, map, of, tap, type Observable } from 'rxjs';
import { after } from './after.js';
import { checkConnectVerdict } from './check-verdict.js';
import type { Dialect } from './dialect.js';
import { eventually } from './eventually.js';
import { acknowledge } from './faults/acknowledge.js';
import type { HandshakeFault } from './faults/handshake-fault.js';
import { formatErrors } from './format-errors.js';
import type { Settled } from './graphql-test-server-options.js';
import type { ConnectionContext } from './operation-handler.js';
import type { ConnectVerdict, Rejection } from './verdict.js';

/**
 * Answers a `connection_init`.
 *
 * @param dialect - how a refusal looks on the wire
 * @param options - what decides
 * @param context - who asks
 * @param fault - what goes wrong
 * @returns the context, once it was acknowledged; nothing if it was refused; an error if `connect` returned what it must not
 */
export function shakeHands(
  dialect: Dialect,
  options: Settled<'ackDelay' | 'connect'>,
  context: ConnectionContext,
  fault?: HandshakeFault,
): Observable<ConnectionContext> {
  const { peer } = context;
  return after(options.ackDelay).pipe(
    concatMap(() => eventually(() => verdictOf(fault) ?? options.connect(context))),
    catchError((error: unknown) => of({ reject: formatErrors(error)[0] })),
    map(toAnswer),
    tap((answer) => {
      if ('reject' in answer) dialect.refuse(peer, answer);
      else peer.send(...acknowledge(answer.ack, dialect, fault));
    }),
    filter((answer) => 'ack' in answer),
    map(() => context),
  );
}

function verdictOf(fault: HandshakeFault | undefined): ConnectVerdict {
  return typeof fault === 'object' && !('close' in fault) ? fault : undefined;
}

type Answer = Rejection | { readonly ack: unknown };

function toAnswer(verdict: ConnectVerdict): Answer {
  checkConnectVerdict('connect', verdict);
  if (typeof verdict === 'object') return verdict;
  return verdict === false ? { reject: { message: 'Forbidden' } } : { ack: undefined };
}
