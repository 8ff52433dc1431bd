// Stands for a browser's store in tests.

/** @param {number} room - characters that it takes for one entry */
export function storage(room = Infinity) {
  const items = new Map();
  return {
    get length() {
      return items.size;
    },
    key: (number) => [...items.keys()][number] ?? null,
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => void items.delete(key),
    setItem(key, value) {
      if (value.length > room) throw new Error("QuotaExceededError");
      items.set(key, value);
    },
  };
}
