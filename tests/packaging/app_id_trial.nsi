; Puts the id of the program where it can be read again, and tells what is read, line by line, in the file TOLD.
Target amd64-unicode
Unicode true
RequestExecutionLevel user
SilentInstall silent
OutFile "${OUT}"
!include app_id.nsh

Section
  InitPluginsDir
  CreateShortcut "${LINK}" "$WINDIR\notepad.exe" "--an argument" "$WINDIR\notepad.exe" 0 "" "" "A comment"
  StrCpy $1 "one"
  StrCpy $9 "nine"
  !insertmacro GIVE_APP_ID "${LINK}"
  FileOpen $7 "${TOLD}" w
  FileWriteUTF16LE /BOM $7 "kept $1 $9$\n"
  System::Call 'propsys::PSCreateMemoryPropertyStore(g "${IID_IPropertyStore}", *p .r1) i .r0'
  Call PutAppId
  FileWriteUTF16LE $7 "put $0$\n"
  Call Tell
  System::Call 'shell32::SHGetPropertyStoreFromParsingName(w "${LINK}", p 0, i 0, g "${IID_IPropertyStore}", *p .r1) i .r0'
  ${If} $0 = 0
    Call Tell
  ${EndIf}
  FileClose $7
SectionEnd

; What the properties $1 hold.
Function Tell
  System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID}) p .r3'
  System::Call '*(&i8,&i8,&i8) p .r4'
  ${IPropertyStore::GetValue} $1 '($3,$4).r0'
  System::Call '*$4(&i2 .r5,&i6,w .r6)'
  FileWriteUTF16LE $7 "kind $5 value $6$\n"
FunctionEnd
