; What both the installer and the uninstaller do with the program that runs.
!macro CLOSING un Which
; Ask the instance that runs to end, then wait until the files of the programs are free, for Windows neither deletes
; nor replaces a program that runs. One that nobody may even read would not start again: then nothing is ended.
; $Trouble says what is held, and is empty when all is well.
Function ${un}CloseProgram
  StrCpy $Was ""
  StrCpy $Trouble ""
  IfFileExists "$INSTDIR\${CONSOLE}" 0 done
again:
  StrCpy $1 0
read:
  !insertmacro FIND_HELD r
  StrCmp $3 "" end
  IntOp $1 $1 + 1
  IntCmp $1 ${PATIENCE} still 0 still
  Sleep 250
  Goto read
end:
  nsExec::ExecToStack '"$INSTDIR\${CONSOLE}" quit --json'
  Pop $0
  Pop $1
  ${${Which}StrStr} $2 $1 '"service"'
  ${If} $2 != ""
    StrCpy $Was "service"
  ${EndIf}
  ${${Which}StrStr} $2 $1 '"window"'
  ${If} $2 != ""
    StrCpy $Was "window"
  ${EndIf}
  StrCpy $1 0
wait:
  !insertmacro FIND_HELD a
  StrCmp $3 "" done
  IntOp $1 $1 + 1
  IntCmp $1 ${PATIENCE} still 0 still
  Sleep 250
  Goto wait
still:
  StrCpy $Trouble "$INSTDIR\$3"
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(STILL_RUNS)" /SD IDCANCEL IDRETRY again
  Return
done:
  StrCpy $Trouble ""
FunctionEnd
!macroend

; The name of a program into $3 that cannot be opened so ("r" to read, "a" to write); empty where both can.
!macro FIND_HELD how
  StrCpy $3 ""
  !insertmacro LOOK_AT "${WINDOW}" ${how}
  !insertmacro LOOK_AT "${CONSOLE}" ${how}
!macroend

!macro LOOK_AT name how
  ${If} ${FileExists} "$INSTDIR\${name}"
    ClearErrors
    FileOpen $5 "$INSTDIR\${name}" ${how}
    ${If} ${Errors}
      StrCpy $3 "${name}"
    ${Else}
      FileClose $5
    ${EndIf}
  ${EndIf}
!macroend
!insertmacro CLOSING "" ""
!insertmacro CLOSING "un." "Un"

; What was ended for this goes on as it was, and what was not shown is not shown now. A virus scanner that looks at the
; program at this moment is waited for.
Function StartAgain
  StrCpy $1 0
again:
  ClearErrors
  ${If} $Was == "window"
    Exec '"$INSTDIR\${WINDOW}" --minimized'
  ${ElseIf} $Was == "service"
    Exec '"$INSTDIR\${WINDOW}" service'
  ${EndIf}
  IfErrors 0 done
  IntOp $1 $1 + 1
  IntCmp $1 ${PATIENCE} done 0 done
  Sleep 250
  Goto again
done:
FunctionEnd
