// Runs in a worker thread: says "now" at the interval it is told once.
onmessage = (event: MessageEvent<number>) => {
  setInterval(() => postMessage(null), event.data);
};
