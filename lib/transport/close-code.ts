/** Close codes by name: RFC 6455 section 7.4.1, the IANA registry, and the GraphQL over WebSocket protocol. */
export const CloseCode = {
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
} as const;

/** Codes after which another attempt would end the same way: 1010 mandatory extension, 1015 TLS, and three of the protocol. */
const fatalCodes: readonly number[] = [
  1010,
  1015,
  CloseCode.SubprotocolNotAcceptable,
  CloseCode.SubscriberAlreadyExists,
  CloseCode.TooManyInitialisationRequests,
];

export function isFatalCloseCode(code: number): boolean {
  return fatalCodes.includes(code);
}

/** Whether the server refused the credentials. */
export function isCredentialsCloseCode(code: number): boolean {
  return code === CloseCode.Unauthorized || code === CloseCode.Forbidden;
}
