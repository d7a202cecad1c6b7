; The name by which Windows knows the program: on its links, as the program itself gives it to its windows, so that the
; task bar takes both for one.
;
; A link keeps it as the property System.AppUserModel.ID (Microsoft, "Application User Model IDs (AppUserModelIDs)").
!include LogicLib.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh

!define APP_ID "AIOS.Heartbeat"

; Into the properties $1; $0 is 0 where that went well.
Function PutAppId
  System::Call '*(&w64 "${APP_ID}") p .r2'
  System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID}) p .r3'
  ; Written out, for the structure that comes with NSIS halves an address of 64 bits.
  System::Call '*(&i2 ${VT_LPWSTR},&i6 0,p r2,&i8 0) p .r4'
  ${IPropertyStore::SetValue} $1 '($3,$4).r0'
  System::Free $4
  System::Free $3
  System::Free $2
FunctionEnd

; On the link in $0; where Windows does not take it, the link stays as it is and works as before.
Function GiveAppId
  System::Store S
  StrCpy $9 $0
  StrCpy $1 0
  StrCpy $6 0
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r5 ""
  ${If} $5 P<> 0
    ${IUnknown::QueryInterface} $5 '("${IID_IPersistFile}",.r6)'
    ${IUnknown::QueryInterface} $5 '("${IID_IPropertyStore}",.r1)'
    ${If} $6 P<> 0
    ${AndIf} $1 P<> 0
      ${IPersistFile::Load} $6 '("$9",${STGM_READWRITE}).r0'
      ${If} $0 = 0
        Call PutAppId
      ${EndIf}
      ${If} $0 = 0
        ${IPropertyStore::Commit} $1 '().r0'
      ${EndIf}
      ${If} $0 = 0
        ${IPersistFile::Save} $6 '("$9",1)'
      ${EndIf}
    ${EndIf}
    !insertmacro ComHlpr_SafeRelease $1
    !insertmacro ComHlpr_SafeRelease $6
    !insertmacro ComHlpr_SafeRelease $5
  ${EndIf}
  System::Store L
FunctionEnd

!macro GIVE_APP_ID link
  StrCpy $0 "${link}"
  Call GiveAppId
!macroend
