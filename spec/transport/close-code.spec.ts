import { expect } from 'chai';
import { describe, it } from 'mocha';
import { CloseCode } from 'rx-graphql-ws';

describe('CloseCode', () => {
  it('names the codes of RFC 6455, the IANA registry and the protocol', () => {
    expect(CloseCode).to.deep.equal({
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
    });
  });
});
