import { EventEmitter } from "node:events";

/** The menu as data, so that specs can read labels and accelerators. */
export class Menu {
  static #applicationMenu = null;
  items = [];

  static buildFromTemplate(template) {
    const menu = new Menu();
    menu.items = template.map((item) => ({
      ...item,
      submenu: Array.isArray(item.submenu) ? Menu.buildFromTemplate(item.submenu) : undefined,
    }));
    return menu;
  }
  static setApplicationMenu(menu) {
    Menu.#applicationMenu = menu;
  }
  static getApplicationMenu() {
    return Menu.#applicationMenu;
  }
}

export const dialog = { showErrorBox: (title, text) => console.error(`${title}: ${text}`) };

/** Opens nothing and remembers what was asked for. */
export const shell = {
  opened: [],
  async openExternal(address) {
    this.opened.push(address);
  },
  async openPath(file) {
    this.opened.push(file);
    return "";
  },
};

export const nativeTheme = Object.assign(new EventEmitter(), { themeSource: "system", shouldUseDarkColors: false });

const area = { x: 0, y: 0, width: 1920, height: 1080 };
const display = { id: 1, scaleFactor: 1, bounds: area, workArea: area };
export const screen = Object.assign(new EventEmitter(), {
  getAllDisplays: () => [display],
  getPrimaryDisplay: () => display,
});

/** Shows nothing; specs find what was shown, click it, and see what was taken back. */
export class Notification extends EventEmitter {
  static shown = [];
  static isSupported() {
    return true;
  }
  constructor(options) {
    super();
    Object.assign(this, options);
  }
  show() {
    Notification.shown.push(this);
  }
  close() {
    Notification.shown = Notification.shown.filter((other) => other !== this);
    this.emit("close");
  }
}
