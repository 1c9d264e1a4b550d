import yoctoSpinner from 'yocto-spinner';

export interface Progress {
  readonly show: (text: string) => void;
  readonly stop: () => void;
}

/** A line that changes on a terminal; elsewhere plain lines, without the rounds, which would drown a log file. */
export function startProgress(first: string): Progress {
  if (!process.stderr.isTTY) {
    let shown = '';
    const show = (text: string): void => {
      if (/: round /.test(text) || text === shown) return;
      shown = text;
      process.stderr.write(`${text}\n`);
    };
    show(first);
    return { show, stop: () => undefined };
  }
  const spinner = yoctoSpinner({ text: first, stream: process.stderr }).start();
  return {
    show: (text) => {
      spinner.text = text;
    },
    stop: () => void spinner.stop(),
  };
}
