; Makes the installer for Windows from the frozen folder, on Windows or on Linux:
;
;   makensis -INPUTCHARSET UTF8 "-XSetCompressor /SOLID lzma" -DVERSION=0.1.0 -DFOUR_NUMBERS=0.1.0.0 -DSIZE_KB=110000 -DFOLDER=… -DLIST_FILE=… -DICON=… -DPICTURE=… -DOUT=… installer.nsi
;
; LIST_FILE names all that is in FOLDER: see removing.nsh.
;
; It installs for one user, without an administrator, in English or Chinese as Windows speaks. Options when it is run:
;
;   /S               silent; nothing is asked, and status 2 tells that nothing was changed
;   /D=FOLDER        where to; the last one, not in quotes
;   /AUTOSTART       start at log-in      /DESKTOP   a link on the desktop
;   /LANG=1033       English, /LANG=2052  Chinese, whatever Windows speaks
;
; The uninstaller takes /S, and /FORGET to remove the data, too.
;
; A new version is unpacked beside the old one, which is moved away only then, and put back where the new one cannot
; take its place: at any failure the version that was there works.
Target amd64-unicode
Unicode true
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include StrFunc.nsh
!include WinVer.nsh
${Using:StrFunc} StrStr
${Using:StrFunc} UnStrStr

!define APP "AIOS Heartbeat"
!define PUBLISHER "The AIOS Heartbeat authors"
!define WINDOW "aios-gui.exe"
!define CONSOLE "aios-heartbeat.exe"
!define OWN_KEY "Software\${APP}"
!define SLICE ".aiosrec"
!define SLICE_CLASS "AiosHeartbeat.Slice"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${APP}"
!define LONGEST_FOLDER 150 ; characters, so that every file below it stays within Windows' 260
!define PATIENCE 60        ; quarters of a second until the programs' files are free
!define FAILED 2           ; exit status: nothing was changed

Name "${APP}"
BrandingText "${APP} ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${APP}"
InstallDirRegKey HKCU "${OWN_KEY}" InstallDir
ShowInstDetails nevershow
ShowUninstDetails nevershow
VIProductVersion "${FOUR_NUMBERS}"
VIAddVersionKey ProductName "${APP}"
VIAddVersionKey CompanyName "${PUBLISHER}"
VIAddVersionKey FileDescription "${APP} Setup"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey LegalCopyright "${PUBLISHER}, MIT licence"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURE}"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${PICTURE}"
!define MUI_WELCOMEPAGE_TEXT "$(WELCOME)"
!define MUI_ABORTWARNING
!define MUI_COMPONENTSPAGE_NODESC
!define MUI_FINISHPAGE_RUN "$INSTDIR\${WINDOW}"
!insertmacro MUI_PAGE_WELCOME
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE CheckFolder
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"
!include texts.nsh

Var Was        ; the mode of the instance that was asked to end: window, service, or nothing
Var Trouble    ; why nothing was changed

!include closing.nsh
!include removing.nsh
!include app_id.nsh

; One at a time, in the language that was asked for.
!macro BEGIN
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/LANG=" $R1
  ${IfNot} ${Errors}
    StrCpy $LANGUAGE $R1
  ${EndIf}
  System::Call 'kernel32::CreateMutex(p 0, i 0, t "AIOS Heartbeat Setup") p .r1 ?e'
  Pop $0
  ${If} $0 = 183
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(ONE_AT_A_TIME)" /SD IDOK
    SetErrorLevel ${FAILED}
    Quit
  ${EndIf}
!macroend

; ---- Installing ---------------------------------------------------------------------------------------------

; Tell why nothing was changed, start again what was ended for it, and stop.
Function GiveUp
  !insertmacro CLEAR_AWAY "" "${NEW}"
  RMDir "$INSTDIR"
  Call StartAgain
  MessageBox MB_OK|MB_ICONSTOP "$Trouble" /SD IDOK
  SetErrorLevel ${FAILED}
  Quit
FunctionEnd

!macro MUST_BE_FREE part
  ${If} ${FileExists} "$INSTDIR\${part}"
    StrCpy $Trouble "$(ANOTHER_PROGRAM)"
    Return
  ${EndIf}
!macroend

; Refuse a folder in which this would break something or could not work. $Trouble says why; empty when all is well.
Function LookAtFolder
  StrCpy $Trouble ""
  StrLen $0 $INSTDIR
  ${If} $0 > ${LONGEST_FOLDER}
    StrCpy $Trouble "$(TOO_LONG)"
    Return
  ${EndIf}
  ; Without the list it is not this program that lies there: then nothing may have the name of a part of it.
  ${IfNot} ${FileExists} "$INSTDIR\${LIST}"
  ${AndIfNot} ${FileExists} "$INSTDIR\${OLD}\${LIST}"
  ${AndIfNot} ${FileExists} "$INSTDIR\${NEW}\${LIST}"
    !insertmacro MUST_BE_FREE "_internal"
    !insertmacro MUST_BE_FREE "${CONSOLE}"
    !insertmacro MUST_BE_FREE "${WINDOW}"
    !insertmacro MUST_BE_FREE "LICENSE.txt"
    !insertmacro MUST_BE_FREE "uninstall.exe"
  ${EndIf}
FunctionEnd

Function CheckFolder
  Call LookAtFolder
  ${If} $Trouble != ""
    MessageBox MB_OK|MB_ICONEXCLAMATION "$Trouble"
    Abort
  ${EndIf}
FunctionEnd

; Put one part of the new version ($0) in the place of the old one. Sets $Trouble where it cannot.
!macro EXCHANGE part
  ${If} $Trouble == ""
    ${If} ${FileExists} "$INSTDIR\${part}"
      ClearErrors
      Rename "$INSTDIR\${part}" "$INSTDIR\${OLD}\${part}"
      ${If} ${Errors}
        StrCpy $Trouble "$INSTDIR\${part}"
      ${EndIf}
    ${EndIf}
  ${EndIf}
  ${If} $Trouble == ""
    ClearErrors
    Rename "$INSTDIR\${NEW}\${part}" "$INSTDIR\${part}"
    ${If} ${Errors}
      StrCpy $Trouble "$INSTDIR\${part}"
    ${EndIf}
  ${EndIf}
!macroend

; Put a part of the old version back where the new one could not take its place; where there was none, take the new away.
!macro BRING_BACK part
  ${If} ${FileExists} "$INSTDIR\${OLD}\${part}"
    Rename "$INSTDIR\${part}" "$INSTDIR\${NEW}\${part}"
    Rename "$INSTDIR\${OLD}\${part}" "$INSTDIR\${part}"
  ${ElseIfNot} ${FileExists} "$INSTDIR\${NEW}\${part}"
    Rename "$INSTDIR\${part}" "$INSTDIR\${NEW}\${part}"
  ${EndIf}
!macroend

; Put all of the old version back that was moved away, and its list, which a copy was made of. Sets $Trouble where it
; cannot; what could not be moved stays where it is then.
!macro BRING_ALL_BACK
  !insertmacro BRING_BACK "_internal"
  !insertmacro BRING_BACK "${CONSOLE}"
  !insertmacro BRING_BACK "${WINDOW}"
  !insertmacro BRING_BACK "LICENSE.txt"
  ${If} ${FileExists} "$INSTDIR\${OLD}\_internal\*.*"
  ${OrIf} ${FileExists} "$INSTDIR\${OLD}\${CONSOLE}"
  ${OrIf} ${FileExists} "$INSTDIR\${OLD}\${WINDOW}"
    StrCpy $Trouble "$INSTDIR\${OLD}"
  ${Else}
    ${If} ${FileExists} "$INSTDIR\${OLD}\${LIST}"
      CopyFiles /SILENT "$INSTDIR\${OLD}\${LIST}" "$INSTDIR\${LIST}"
      Delete "$INSTDIR\${OLD}\${LIST}"
    ${EndIf}
    RMDir "$INSTDIR\${OLD}"
  ${EndIf}
!macroend

; A run that was cut off, as by a power cut, may have left the old version moved away: it comes back first.
!macro RECOVER
  ${If} ${FileExists} "$INSTDIR\${OLD}\${LIST}"
    CreateDirectory "$INSTDIR\${NEW}"
    !insertmacro BRING_ALL_BACK
    ${If} $Trouble != ""
      StrCpy $Trouble "$(HELD)"
      Call GiveUp
    ${EndIf}
  ${ElseIfNot} ${FileExists} "$INSTDIR\${LIST}"
    ; It was the first installation, and some parts of it may have their place already.
    StrCpy $R8 "$INSTDIR\${NEW}\${LIST}"
    StrCpy $R9 "$INSTDIR"
    Call RemoveListed
  ${EndIf}
  !insertmacro MAKE_FREE "${OLD}"
  !insertmacro MAKE_FREE "${NEW}"
  !insertmacro MAKE_FREE "${GONE}"
!macroend

!macro MAKE_FREE folder
  !insertmacro CLEAR_AWAY "" "${folder}"
  Call PutAside
!macroend

Section "-program"
  Call LookAtFolder
  ${If} $Trouble != ""
    Call GiveUp
  ${EndIf}
  !insertmacro RECOVER

  DetailPrint "$(UNPACKING)"
  ClearErrors
  CreateDirectory "$INSTDIR\${NEW}"
  ${If} ${Errors}
    StrCpy $Trouble "$(CANNOT_WRITE)"
    Call GiveUp
  ${EndIf}
  SetOutPath "$INSTDIR\${NEW}"
  SetOverwrite try
  ClearErrors
  File "/oname=${LIST}" "${LIST_FILE}"
  File /r "${FOLDER}/*"
  ${If} ${Errors}
    SetOutPath "$TEMP"
    StrCpy $Trouble "$(CANNOT_WRITE)"
    Call GiveUp
  ${EndIf}
  SetOutPath "$TEMP"
  DetailPrint "$(EXCHANGING)"
  SetDetailsPrint none

  Call CloseProgram
  ${If} $Trouble != ""
    StrCpy $Trouble "$(STILL_RUNS)"
    Call GiveUp
  ${EndIf}
  CreateDirectory "$INSTDIR\${OLD}"
  ${If} ${FileExists} "$INSTDIR\${LIST}"
    ClearErrors
    CopyFiles /SILENT "$INSTDIR\${LIST}" "$INSTDIR\${OLD}\${LIST}"
    ${If} ${Errors}
      StrCpy $Trouble "$INSTDIR\${LIST}"
    ${EndIf}
  ${EndIf}
  ; The folder first: Windows moves it only while no file in it is open.
  !insertmacro EXCHANGE "_internal"
  !insertmacro EXCHANGE "${CONSOLE}"
  !insertmacro EXCHANGE "${WINDOW}"
  !insertmacro EXCHANGE "LICENSE.txt"
  ${If} $Trouble == ""
    ClearErrors
    Delete "$INSTDIR\${LIST}"
    Rename "$INSTDIR\${NEW}\${LIST}" "$INSTDIR\${LIST}"
    ${If} ${Errors}
      StrCpy $Trouble "$INSTDIR\${LIST}"
    ${EndIf}
  ${EndIf}
  ${If} $Trouble != ""
    StrCpy $R2 $Trouble
    !insertmacro BRING_ALL_BACK
    StrCpy $Trouble $R2
    StrCpy $Trouble "$(HELD)"
    Call GiveUp
  ${EndIf}
  ; By one step it is no longer what a later run would bring back; deleting it takes many.
  Rename "$INSTDIR\${OLD}" "$INSTDIR\${GONE}"
  !insertmacro CLEAR_AWAY "" "${GONE}"
  !insertmacro CLEAR_AWAY "" "${NEW}"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${APP}.lnk" "$INSTDIR\${WINDOW}" "" "$INSTDIR\${WINDOW}" 0 "" "" "$(COMMENT)"
  !insertmacro GIVE_APP_ID "$SMPROGRAMS\${APP}.lnk"
  Call TellWindows
  SetDetailsPrint both
SectionEnd

; What Windows lists among the installed programs.
Function TellWindows
  WriteRegStr HKCU "${OWN_KEY}" InstallDir "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayName "${APP}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayVersion "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayIcon "$INSTDIR\${WINDOW}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" Publisher "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" InstallLocation "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" EstimatedSize ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" NoModify 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" NoRepair 1
  ; A slice opens by a double click.
  WriteRegStr HKCU "Software\Classes\${SLICE}" "" "${SLICE_CLASS}"
  WriteRegStr HKCU "Software\Classes\${SLICE_CLASS}" "" "$(SLICE_KIND)"
  WriteRegStr HKCU "Software\Classes\${SLICE_CLASS}\DefaultIcon" "" '"$INSTDIR\${WINDOW}",0'
  WriteRegStr HKCU "Software\Classes\${SLICE_CLASS}\shell\open\command" "" '"$INSTDIR\${WINDOW}" "%1"'
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
FunctionEnd

Section /o "$(AT_LOGIN)" AtLogin
  ; The program registers itself, so that it is what its own panel would write.
  nsExec::ExecToStack '"$INSTDIR\${CONSOLE}" autostart enable --no-test'
  Pop $0
  Pop $1
  ${If} $0 != 0
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(NO_AUTOSTART)$\n$\n$1" /SD IDOK
  ${EndIf}
SectionEnd

Section /o "$(ON_DESKTOP)" OnDesktop
  CreateShortcut "$DESKTOP\${APP}.lnk" "$INSTDIR\${WINDOW}" "" "$INSTDIR\${WINDOW}" 0 "" "" "$(COMMENT)"
  !insertmacro GIVE_APP_ID "$DESKTOP\${APP}.lnk"
SectionEnd

Section "-again"
  Call StartAgain
SectionEnd

Function .onInit
  !insertmacro BEGIN
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(TOO_OLD)" /SD IDOK
    SetErrorLevel ${FAILED}
    Quit
  ${EndIf}
  ClearErrors
  ${GetOptions} $R0 "/AUTOSTART" $R1
  ${IfNot} ${Errors}
    SectionSetFlags ${AtLogin} ${SF_SELECTED}
  ${EndIf}
  ClearErrors
  ${GetOptions} $R0 "/DESKTOP" $R1
  ${IfNot} ${Errors}
    SectionSetFlags ${OnDesktop} ${SF_SELECTED}
  ${EndIf}
FunctionEnd

; ---- Uninstalling -------------------------------------------------------------------------------------------

; As nothing comes back to it, its list goes also where files of the user are left in it.
!macro CLEAR_FOR_GOOD folder
  !insertmacro CLEAR_AWAY "un." "${folder}"
  Delete "$INSTDIR\${folder}\${LIST}"
  RMDir "$INSTDIR\${folder}"
!macroend

Function un.onInit
  !insertmacro BEGIN
FunctionEnd

Section "Uninstall"
  DetailPrint "$(REMOVING)"
  SetDetailsPrint none
  ; Where the list does not lie beside it, this is a copy of the uninstaller in somebody else's folder.
  ${IfNot} ${FileExists} "$INSTDIR\${LIST}"
  ${AndIfNot} ${FileExists} "$INSTDIR\${CONSOLE}"
    MessageBox MB_OK|MB_ICONSTOP "$(ANOTHER_PROGRAM)" /SD IDOK
    SetErrorLevel ${FAILED}
    Quit
  ${EndIf}
  Call un.CloseProgram
  ${If} $Trouble != ""
    MessageBox MB_OK|MB_ICONSTOP "$(STILL_RUNS)" /SD IDOK
    SetErrorLevel ${FAILED}
    Quit
  ${EndIf}
  ; Windows moves the folder only while no file in it is open; if so it is moved back at once.
  ${IfNot} ${FileExists} "$INSTDIR\_internal\*.*"
    Rename "$INSTDIR\${TRIAL}" "$INSTDIR\_internal" ; an earlier run was cut off between the two
  ${EndIf}
  ClearErrors
  Rename "$INSTDIR\_internal" "$INSTDIR\${TRIAL}"
  ${If} ${Errors}
  ${AndIf} ${FileExists} "$INSTDIR\_internal\*.*"
    StrCpy $Trouble "$INSTDIR\_internal"
    MessageBox MB_OK|MB_ICONSTOP "$(STILL_RUNS)" /SD IDOK
    SetErrorLevel ${FAILED}
    Quit
  ${EndIf}
  Rename "$INSTDIR\${TRIAL}" "$INSTDIR\_internal"
  nsExec::ExecToStack '"$INSTDIR\${CONSOLE}" autostart disable --own'
  Pop $0
  Pop $1
  ClearErrors
  ${GetOptions} $R0 "/FORGET" $R1
  ${IfNot} ${Errors}
    Goto forget
  ${EndIf}
  MessageBox MB_YESNO|MB_ICONQUESTION "$(KEEP_DATA)" /SD IDYES IDYES keep
forget:
  nsExec::ExecToStack '"$INSTDIR\${CONSOLE}" forget --yes'
  Pop $0
  Pop $1
  ${If} $0 != 0
    MessageBox MB_OK|MB_ICONEXCLAMATION "$1" /SD IDOK
  ${EndIf}
keep:
  ; Only what was installed: the folder may hold what is the user's.
  SetOutPath "$TEMP"
  InitPluginsDir
  File "/oname=$PLUGINSDIR\${LIST}" "${LIST_FILE}"
  StrCpy $R8 "$PLUGINSDIR\${LIST}"
  StrCpy $R9 "$INSTDIR"
  Call un.RemoveListed
  !insertmacro CLEAR_FOR_GOOD "${OLD}"
  !insertmacro CLEAR_FOR_GOOD "${NEW}"
  !insertmacro CLEAR_FOR_GOOD "${GONE}"
  Delete "$INSTDIR\${LIST}"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${APP}.lnk"
  Delete "$DESKTOP\${APP}.lnk"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  DeleteRegKey HKCU "${OWN_KEY}"
  DeleteRegKey HKCU "Software\Classes\${SLICE_CLASS}"
  ReadRegStr $R0 HKCU "Software\Classes\${SLICE}" ""
  StrCmp $R0 "${SLICE_CLASS}" 0 +2
  DeleteRegKey HKCU "Software\Classes\${SLICE}"
  SetDetailsPrint both
SectionEnd
