import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** Answers a `POST /graphql`. */
export type OnPost = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Answers the HTTP requests that ask for no upgrade, so that a page of any origin may read the answers.
 *
 * @param onPost - for those with a GraphQL request
 */
export function answerRequests(onPost: OnPost): RequestListener {
  return (request, response) => {
    const { method, url, headers } = request;
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (url?.split('?', 1)[0] !== '/graphql') response.writeHead(404).end();
    else if (method === 'POST') onPost(request, response);
    else if (method === 'GET')
      response.writeHead(426, { Connection: 'close', Upgrade: 'websocket' }).end();
    else if (method === 'OPTIONS')
      response
        .writeHead(204, {
          'Access-Control-Allow-Methods': 'POST',
          // Not `*`: that does not include Authorization.
          'Access-Control-Allow-Headers':
            headers['access-control-request-headers'] ?? 'Content-Type',
        })
        .end();
    else response.writeHead(405, { Allow: 'POST, OPTIONS' }).end();
  };
}
