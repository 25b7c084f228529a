// A streaming subscription of Hasura: the server begins behind the cursor, so nothing is repeated.
import type { GraphQLSocket } from 'rx-graphql-ws';
import { recover } from 'rx-graphql-ws/recovery';

export interface Message {
  id: number;
  text: string;
}
interface Cursor {
  initial_value: { id: number };
  ordering: 'ASC';
}

const behind = (id: number): { cursor: Cursor } => ({
  cursor: { initial_value: { id }, ordering: 'ASC' },
});

export const messages = (socket: GraphQLSocket, room: string) =>
  recover<{ messages_stream: Message[] }, { room: string; cursor: Cursor }, Message>(
    socket,
    {
      query: `subscription ($room: String!, $cursor: [messages_stream_cursor_input]!) {
        messages_stream(where: { room: { _eq: $room } }, cursor: $cursor, batch_size: 100) { id text }
      }`,
      variables: { room, ...behind(0) },
    },
    { rows: (data) => data.messages_stream, resume: (last) => behind(last.id) },
  );
