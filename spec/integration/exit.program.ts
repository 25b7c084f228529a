import { graphqlSocket } from 'rx-graphql-ws';

/** Subscribes, and ends its process in the turn in which it closes the socket, as handlers of signals do. */
const socket = graphqlSocket({ url: String(process.argv[2]) });
socket.subscribe$('subscription { a }').subscribe({
  next() {
    socket.close();
    process.exit();
  },
  error: console.error,
});
