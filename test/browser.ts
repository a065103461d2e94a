import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Debian's Chromium, headless, kept from calling home. */
export function openBrowser(): Promise<Browser> {
  const executablePath =
    ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((file) => existsSync(file)) ?? 'chromium';
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath, args });
}

/** A tab of the console in which this person has signed in. */
export async function signIn(
  browser: Browser,
  url: string,
  name: string,
  look: { dark?: boolean; width?: number } = {},
): Promise<Page> {
  const context = await browser.newContext({
    colorScheme: look.dark ? 'dark' : 'light',
    viewport: { width: look.width ?? 1280, height: 860 },
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('button', { name }).click();
  await page.getByRole('combobox', { name: 'Command' }).waitFor();
  return page;
}

/** Types a line as a person does, and sends it. */
export async function typeLine(page: Page, line: string): Promise<void> {
  const prompt = page.getByRole('combobox', { name: 'Command' });
  await prompt.fill(line);
  await page.keyboard.press('Escape');
  await prompt.press('Enter');
}

/** A picture of the page as it is, in a folder that is made when it is missing. */
export async function picture(page: Page, dir: string, name: string): Promise<void> {
  mkdirSync(dir, { recursive: true });
  await page.screenshot({ path: join(dir, `${name}.png`) });
}
