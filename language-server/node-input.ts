import { Transform } from 'node:stream';

/** Bytes; no message is larger. */
const longestMessage = 256 * 1024 * 1024;
const headerEnd = '\r\n\r\n';

/** Bytes in which a header ends, if it is one. */
const longestHeader = 64 * 1024;

/**
 * Messages as they come in, without what stands between them. A client that has miscounted a message leaves the rest of it
 * in front of the next header, and the reader of messages would not find a header again.
 */
export const newMessageInput = (): Transform => {
  let rest: Buffer = Buffer.alloc(0);
  /** Bytes of the current message that are still to come. */
  let missing = 0;
  const passBody = (input: Transform): void => {
    const part = rest.subarray(0, missing);
    missing -= part.length;
    rest = rest.subarray(part.length);
    input.push(part);
  };
  const passHeader = (input: Transform): boolean => {
    const end = rest.indexOf(headerEnd);
    if (end < 0) rest = rest.subarray(-longestHeader);
    if (end < 0) return false;
    missing = lengthIn(rest.subarray(0, end).toString('latin1'));
    rest = rest.subarray(end + headerEnd.length);
    if (missing > 0) input.push(`Content-Length: ${missing}${headerEnd}`);
    return true;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let goesOn = true;
      while (goesOn && rest.length > 0) {
        if (missing > 0) passBody(this);
        else goesOn = passHeader(this);
      }
      done();
    },
  });
};

/** 0 when there is none: what has been read was no header. */
const lengthIn = (header: string): number => {
  const length = Number([...header.matchAll(/Content-Length: *(\d{1,12})(?=\r\n|$)/gi)].at(-1)?.[1] ?? 0);
  return length > longestMessage ? 0 : length;
};
