import type { Observable } from 'rxjs';
import { catchError, defer, ignoreElements, merge, mergeMap, of, switchMap, take, tap } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import type { FailedDial } from '../protocol/negotiate.js';
import { createNegotiation } from '../protocol/negotiate.js';
import { dialSocket } from '../transport/dial-socket.js';
import type { OpenSocketOptions } from '../transport/open-socket.js';
import { resolveAll } from '../transport/resolve.js';
import { defaultSubprotocols } from '../transport/subprotocols.js';
import type { PreparedRequest } from '../protocol/request.js';
import type { Variables } from '../types.js';
import type { Connection } from './connection.js';
import type { DialLimit } from './dial-limit.js';
import type { HandshakeOptions } from './handshake.js';
import { counter, greet } from './handshake.js';
import type { Journal } from './journal.js';
import type { KeepAliveOptions } from './keep-alive.js';
import { watchConnections } from './keep-alive.js';
import type { RetryOptions } from './reconnect.js';

/** All that one connection needs. */
export interface DialOptions extends OpenSocketOptions, HandshakeOptions, KeepAliveOptions {
  readonly generateId?: (() => string) | undefined;
  readonly print?: ((document: never) => string) | undefined;
  readonly retry?: false | RetryOptions | undefined;
}

interface Resolved {
  readonly url: string | URL;
  readonly subprotocols: readonly string[];
  readonly webSocketOptions: Variables | undefined;
  readonly connectionParams: Variables | undefined;
}

/**
 * Dials once per subscription, with options resolved afresh, and emits the acknowledged connection. Where the subprotocol was
 * the fault, it dials once more at once with another offer and the same values: no attempt is used up.
 */
export function dial(
  options: DialOptions,
  journal: Journal,
  limit: DialLimit,
): Observable<Connection> {
  const negotiation = createNegotiation();
  const generateId = options.generateId ?? counter();
  const suspects = new WeakSet<PreparedRequest>();
  const watched = watchConnections(options, options.retry ? options.retry.wake : undefined);
  const dialects = options.codecs?.map(({ subprotocol }) => subprotocol);

  const attempt = (
    values: Resolved,
    offered: readonly string[],
    after?: FailedDial,
  ): Observable<Connection> => {
    const monitor = journal.watch();
    let opened: string | undefined;
    let heard = false;
    const how = { ...options, ...values, subprotocols: offered, dialects };
    return limit.turn().pipe(
      switchMap(() => dialSocket(how, monitor)),
      mergeMap((socket) => {
        opened = socket.subprotocol;
        const first$ = socket.frames$.pipe(
          take(1),
          tap(() => {
            heard = true;
          }),
          ignoreElements(),
        );
        return merge(first$, of(socket));
      }),
      greet({
        ...options,
        connectionParams: values.connectionParams,
        requested: values.subprotocols,
        generateId,
        suspects,
        tap: monitor,
      }),
      tap(() => {
        negotiation.acknowledged(offered, after);
      }),
      watched,
      catchError((error: GraphQLSocketError) => {
        const failed = { error, offered, opened, heard };
        // one fallback a dial: what it fails with may be its own doing
        const next = after ? undefined : negotiation.fallback(failed, values.subprotocols);
        if (next) return attempt(values, next, failed);
        // a drop may have been the network's, after all: then the answer to the other offer means nothing
        const dropped = after?.error.name === 'ConnectionClosedError' && after.error.code === 1006;
        throw dropped && !heard ? after.error : error;
      }),
    );
  };

  return defer(() => {
    journal.connecting();
    const { url, subprotocols = defaultSubprotocols, webSocketOptions, connectionParams } = options;
    return resolveAll<Resolved>(
      { url, subprotocols, webSocketOptions, connectionParams },
      journal.context(),
      options.connectTimeout,
    ).pipe(
      // a dial that fails before it is made is one, too
      tap({ error: limit.count }),
      switchMap((values) => attempt(values, negotiation.offer(values.subprotocols))),
    );
  });
}
