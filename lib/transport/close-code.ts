/**
 * Close codes by name: RFC 6455 section 7.4.1, the IANA registry, and the GraphQL over WebSocket protocol.
 *
 * @example
 * ```ts
 * if (error.name === 'ConnectionClosedError' && error.code === CloseCode.Forbidden) showLogin();
 * ```
 */
export const CloseCode: Readonly<
  Record<
    | 'Normal'
    | 'GoingAway'
    | 'ProtocolError'
    | 'MessageTooBig'
    | 'ServiceRestart'
    | 'TryAgainLater'
    | 'BadRequest'
    | 'Unauthorized'
    | 'Forbidden'
    | 'SubprotocolNotAcceptable'
    | 'ConnectionInitialisationTimeout'
    | 'SubscriberAlreadyExists'
    | 'TooManyInitialisationRequests'
    | 'InternalServerError',
    number
  >
> = {
  Normal: 1000,
  GoingAway: 1001,
  ProtocolError: 1002,
  MessageTooBig: 1009,
  ServiceRestart: 1012,
  TryAgainLater: 1013,
  BadRequest: 4400,
  Unauthorized: 4401,
  Forbidden: 4403,
  SubprotocolNotAcceptable: 4406,
  ConnectionInitialisationTimeout: 4408,
  SubscriberAlreadyExists: 4409,
  TooManyInitialisationRequests: 4429,
  InternalServerError: 4500,
};
