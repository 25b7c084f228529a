import type { ServerMessage } from 'rx-graphql-ws';
import type { GraphQLWsMessage } from './client.js';

/** A message as graphql-ws has it; nothing for a message that it would refuse. */
export function toMessage(message: ServerMessage): GraphQLWsMessage[] {
  switch (message.type) {
    case 'unknown':
    case 'rejected':
      return [];
    case 'ack':
      return [{ ...message, type: 'connection_ack' }];
    case 'error':
      return [{ id: message.id, type: 'error', payload: message.errors }];
    case 'next':
      try {
        return [{ ...message, payload: message.payload.decode() }];
      } catch {
        return [];
      }
    default:
      return [message];
  }
}
