/** Opening the system's browser, where there is one. */

import { spawn } from 'node:child_process';

/** The program that opens an address, and its first words; no shell reads the address. */
function opener(platform: NodeJS.Platform): [program: string, ...words: string[]] {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}

/** Opens the address in a browser of its own process; where that cannot be done, nothing happens. */
export function openBrowser(url: string, platform: NodeJS.Platform = process.platform): void {
  const [program, ...words] = opener(platform);
  try {
    const child = spawn(program, [...words, url], { detached: true, stdio: 'ignore' });
    child.on('error', () => {});
    child.unref();
  } catch {
    // The address has been printed.
  }
}
