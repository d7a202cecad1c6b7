; What the installer says, in both languages. $3 is the file that is held, $Trouble a part of the program.
!macro TEXT name english chinese
  LangString ${name} ${LANG_ENGLISH} "${english}"
  LangString ${name} ${LANG_SIMPCHINESE} "${chinese}"
!macroend

!insertmacro TEXT WELCOME "AIOS Heartbeat shows when this computer stuttered, for how long, and why.$\n$\nIt is installed for you alone, and no administrator is needed. If it runs already, it is ended for a moment and goes on with the new version; what it recorded and its settings are kept." "AIOS Heartbeat 显示这台电脑何时卡顿、卡了多久、原因是什么。$\n$\n它只为您一人安装，不需要管理员权限。如果它正在运行，会暂时结束，然后以新版本继续；已记录的数据和设置都会保留。"
!insertmacro TEXT COMMENT "Shows when this computer stuttered, for how long, and why" "显示这台电脑何时卡顿、卡了多久、原因是什么"
!insertmacro TEXT SLICE_KIND "Slice of a heartbeat record" "心跳记录片段"
!insertmacro TEXT AT_LOGIN "Start at log-in, in the tray" "登录时启动，停在托盘里"
!insertmacro TEXT ON_DESKTOP "Link on the desktop" "桌面快捷方式"
!insertmacro TEXT UNPACKING "Unpacking" "正在解压"
!insertmacro TEXT ONE_AT_A_TIME "Another set-up of AIOS Heartbeat is under way. Finish that one first." "另一个 AIOS Heartbeat 安装程序正在运行。请先完成它。"
!insertmacro TEXT TOO_OLD "AIOS Heartbeat needs Windows 10 or 11. Nothing was installed." "AIOS Heartbeat 需要 Windows 10 或 11。未安装任何内容。"
!insertmacro TEXT TOO_LONG "The path of this folder is too long: Windows could not open every file in it. Choose a folder with a path of at most ${LONGEST_FOLDER} characters.$\n$\n$INSTDIR" "此文件夹的路径太长，Windows 无法打开其中的所有文件。请选择路径不超过 ${LONGEST_FOLDER} 个字符的文件夹。$\n$\n$INSTDIR"
!insertmacro TEXT ANOTHER_PROGRAM "Another program lies in this folder. Choose an empty one.$\n$\n$INSTDIR" "此文件夹中已有另一个程序。请选择一个空文件夹。$\n$\n$INSTDIR"
!insertmacro TEXT CANNOT_WRITE "The program cannot be written to this folder: it is read-only, or the disk is full. Nothing was changed. Choose another folder, or free 300 MB.$\n$\n$INSTDIR" "无法将程序写入此文件夹：它是只读的，或者磁盘已满。未做任何更改。请选择其他文件夹，或腾出 300 MB 空间。$\n$\n$INSTDIR"
!insertmacro TEXT STILL_RUNS "AIOS Heartbeat still runs, or another program holds this file. Quit it from the tray and close every terminal in which it runs; if that does not help, end it in Task Manager. Until then nothing is changed.$\n$\n$Trouble" "AIOS Heartbeat 仍在运行，或者有其他程序占用此文件。请从托盘退出它，并关闭正在运行它的所有终端；如果没有用，请在任务管理器中结束它。在此之前不会做任何更改。$\n$\n$Trouble"
!insertmacro TEXT HELD "Another program, such as a virus scanner, holds a file of AIOS Heartbeat, so the new version cannot take its place. The version that was installed is still there and works. Run this again in a minute.$\n$\n$Trouble" "有其他程序（例如杀毒软件）占用了 AIOS Heartbeat 的文件，因此无法换成新版本。原来安装的版本仍然可用。请过一分钟再次运行本程序。$\n$\n$Trouble"
!insertmacro TEXT NO_AUTOSTART "The program is installed, but it could not be set up to start at log-in. Set it up in its Startup panel." "程序已安装，但无法设置为登录时启动。请在程序的“启动”面板中设置。"
!insertmacro TEXT KEEP_DATA "Keep what was recorded, and the settings?$\n$\nA later installation then goes on with them." "要保留已记录的数据和设置吗？$\n$\n以后重新安装时可以继续使用。"
!insertmacro TEXT EXCHANGING "Putting the new version in the place of the old one" "正在用新版本替换旧版本"
!insertmacro TEXT REMOVING "Removing" "正在移除"
