/** Close codes by name: RFC 6455 section 7.4.1, the IANA registry, and the GraphQL over WebSocket protocol. */
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

// the lists are numbers, not members: the table is for users, and stays out of a bundle that does not ask for it

/** 1010 mandatory extension, 1015 TLS, 4406 subprotocol, 4409 id in use, 4429 second init: another attempt would end the same way. */
export function isFatalCloseCode(code: number): boolean {
  return [1010, 1015, 4406, 4409, 4429].includes(code);
}

/** 4401 unauthorized, 4403 forbidden: the server refused the credentials. */
export function isCredentialsCloseCode(code: number): boolean {
  return [4401, 4403].includes(code);
}

/** 1002 protocol error, 1003 unsupported data, 1007 invalid payload, 1008 policy violation, 1009 too big: one of the two is broken. */
export function isProtocolFaultCloseCode(code: number): boolean {
  return [1002, 1003, 1007, 1008, 1009].includes(code);
}

/** 4400 bad request, 4500 internal error: the server stumbled over a message. */
export function isRefusalCloseCode(code: number): boolean {
  return [4400, 4500].includes(code);
}
