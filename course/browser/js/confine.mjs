// Takes away what a worker could reach but for its Python: a second wall behind the policy of the page.

const DOORS = [
  ...["fetch", "fetchLater", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource"],
  ...["Worker", "SharedWorker", "importScripts", "BroadcastChannel", "navigator", "Notification"],
  ...["indexedDB", "caches", "cookieStore", "FileReaderSync", "webkitRequestFileSystem"],
  ...["webkitRequestFileSystemSync", "webkitResolveLocalFileSystemURL", "webkitResolveLocalFileSystemSyncURL"],
];

/** @param {object} scope - the worker's global object; names are inherited too */
export function confine(scope) {
  for (let holder = scope; holder; holder = Object.getPrototypeOf(holder)) {
    for (const name of DOORS) Reflect.deleteProperty(holder, name);
  }
}
