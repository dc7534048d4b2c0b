/** One WebSocket, as little of it as a conversation needs; tests have their own. */
export interface Socket {
  send(bytes: Uint8Array<ArrayBuffer>): void;
  close(): void;
  onOpen: () => void;
  onMessage: (bytes: Uint8Array) => void;
  onClose: () => void;
}

const kProtocol = "kapok.v1";

export type OpenSocket = () => Socket;

/** Frames travel as binary messages to the origin the page came from. */
export function openWebSocket(path: string): Socket {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  const plain = new WebSocket(url, kProtocol);
  plain.binaryType = "arraybuffer";
  const socket: Socket = {
    send: (bytes) => plain.send(bytes),
    close: () => plain.close(),
    onOpen: () => undefined,
    onMessage: () => undefined,
    onClose: () => undefined,
  };
  plain.onopen = () => socket.onOpen();
  plain.onmessage = (event) => {
    if (event.data instanceof ArrayBuffer) socket.onMessage(new Uint8Array(event.data));
  };
  plain.onclose = () => socket.onClose();
  return socket;
}
