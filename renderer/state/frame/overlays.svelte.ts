/** What lies over the screens, and the window's file dialog: commands open them from anywhere. */
export class Overlays {
  palette = $state(false);
  help = $state(false);
  #openFileDialog: () => void = () => undefined;

  /** Called once by whoever owns the dialog. */
  attachFileDialog(open: () => void): void {
    this.#openFileDialog = open;
  }

  openFileDialog(): void {
    this.#openFileDialog();
  }
}
