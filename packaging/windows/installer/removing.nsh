; How installer and uninstaller remove something: only what a list names that the installer itself wrote, and folders that
; are empty then. A user may name any folder, with anything of his own in it.
;
; A list has a line for each file, and one that ends in \ for each folder after what is in it: paths below the folder of
; the program. A folder of the exchange is known as the installer's own by the list in it, which is written before all
; else and removed after it.
!define LIST "installed-files.txt"
!define NEW "aios-heartbeat.new"    ; what is unpacked beside the version that is there
!define OLD "aios-heartbeat.old"    ; what was there, until the new version has its place
!define GONE "aios-heartbeat.gone"  ; what was there and is not needed any more
!define TRIAL "aios-heartbeat.trial" ; what it is called for a moment, to see whether somebody has a file in it open
!define ASIDE "kept-"               ; what is not ours and was found among ours, with a number behind

!macro REMOVING un Which
; Remove below the folder $R9 what the list $R8 names. No list: nothing is removed.
Function ${un}RemoveListed
  ClearErrors
  FileOpen $R7 $R8 r
  ${If} ${Errors}
    Return
  ${EndIf}
  ${Do}
    ClearErrors
    FileReadUTF16LE $R7 $R6
    ${If} ${Errors}
      ${Break}
    ${EndIf}
    ${Do}
      StrCpy $R5 $R6 1 -1
      ${If} $R5 != "$\r"
      ${AndIf} $R5 != "$\n"
        ${Break}
      ${EndIf}
      StrCpy $R6 $R6 -1
    ${Loop}
    ; A line that leads out of the folder is none of the installer's.
    ${${Which}StrStr} $R4 $R6 ".."
    ${${Which}StrStr} $R3 $R6 ":"
    ${If} $R6 == ""
    ${OrIf} $R4 != ""
    ${OrIf} $R3 != ""
      ${Continue}
    ${EndIf}
    ${If} $R5 == "\"
      RMDir "$R9\$R6"
    ${Else}
      Delete "$R9\$R6"
    ${EndIf}
  ${Loop}
  FileClose $R7
FunctionEnd

; Remove the folder of the exchange $R9 with what its list names. Where something of it is left, the list stays as well.
Function ${un}ClearAway
  StrCpy $R8 "$R9\${LIST}"
  Call ${un}RemoveListed
  ${IfNot} ${FileExists} "$R9\_internal\*.*"
  ${AndIfNot} ${FileExists} "$R9\${CONSOLE}"
  ${AndIfNot} ${FileExists} "$R9\${WINDOW}"
  ${AndIfNot} ${FileExists} "$R9\LICENSE.txt"
    Delete "$R8"
    RMDir "$R9"
  ${EndIf}
FunctionEnd
!macroend

!macro CLEAR_AWAY un folder
  StrCpy $R9 "$INSTDIR\${folder}"
  Call ${un}ClearAway
!macroend

!insertmacro REMOVING "" ""
!insertmacro REMOVING "un." "Un"

; Give up the name of the folder $R9, which holds what could not be removed or is somebody else's.
Function PutAside
  ${IfNot} ${FileExists} "$R9\*.*"
    Return
  ${EndIf}
  StrCpy $R6 1
  ${While} ${FileExists} "$INSTDIR\${ASIDE}$R6\*.*"
    IntOp $R6 $R6 + 1
  ${EndWhile}
  Delete "$R9\${LIST}"
  Rename $R9 "$INSTDIR\${ASIDE}$R6"
FunctionEnd
