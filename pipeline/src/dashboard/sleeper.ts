// A sleep that can be cut short. A wake that comes while nobody sleeps is kept, so that no call is slept through.

export interface Sleeper {
  sleep(ms: number): Promise<void>;
  wake(): void;
}

export function createSleeper(): Sleeper {
  let isWoken = false;
  let end: (() => void) | null = null;
  return {
    sleep: (ms) => {
      if (isWoken) {
        isWoken = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => end?.(), ms);
        end = () => {
          clearTimeout(timer);
          end = null;
          resolve();
        };
      });
    },
    wake: () => {
      if (end) end();
      else isWoken = true;
    },
  };
}
