catalogIndex("t-8",[["8",[["",1,"xH"]]]]);
