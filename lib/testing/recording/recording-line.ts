/** A frame that was sent or received. */
export interface RecordedFrame {
  /** ms since the epoch; never less than on the line before. */
  readonly time: number;
  /** Counts the dialled sockets. */
  readonly attempt: number;
  readonly direction: 'sent' | 'received';
  readonly text: string;
}

/** A socket that opened, and the subprotocol that the server selected. */
interface RecordedOpening extends Pick<RecordedFrame, 'time' | 'attempt'> {
  readonly opened: string;
}

/** The end of a socket, or of a dial: a close code and its reason. */
export interface RecordedClosing extends Pick<RecordedFrame, 'time' | 'attempt'> {
  readonly closed: number;
  readonly reason: string;
}

/** A new state of the socket object, with the name of the error that led to it. */
interface RecordedStatus extends Pick<RecordedFrame, 'time'> {
  readonly status: string;
  readonly error?: string;
}

export type RecordingLine = RecordedFrame | RecordedOpening | RecordedClosing | RecordedStatus;

export const recordingHeader = { recording: 'rx-graphql-ws', version: 1 } as const;
